# SPDX-License-Identifier: Apache-2.0
# Calls itself for ever.
import sys
sys.setrecursionlimit(10**9)
def f():
    return f()
f()
print('ESCAPED')
