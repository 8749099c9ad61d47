"""The reference cases that ship with the program, run on the machine it is installed on."""
