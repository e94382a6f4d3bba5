"""What is for partners alone: what their key is good for, imports."""
