"""The typed model of a stack and its workloads: plain, frozen data for the program and the offline tools."""
