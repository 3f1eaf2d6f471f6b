"""What goes from one stack to the next, what they differ in, and the file edited for it.

Left out on purpose: who promotes. A record says what, from where, to where and when; who,
the commit that brings it says.
"""
