# SPDX-License-Identifier: Apache-2.0
# Keeps memory in messages.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.msgget(0, 0o1600) >= 0:
    print('ESCAPED')
