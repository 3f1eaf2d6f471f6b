"""What is wrong with who may do what, from plain RBAC objects of any origin."""
