# SPDX-License-Identifier: Apache-2.0
# Has itself looked into.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(0, 0, 0, 0) == 0:
    print('ESCAPED')
