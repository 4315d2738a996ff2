# SPDX-License-Identifier: Apache-2.0
# May get rights by a program.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(39, 0, 0, 0, 0) != 1:
    print('ESCAPED')
