def make(*a):
    pass
