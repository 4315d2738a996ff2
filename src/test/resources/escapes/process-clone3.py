# SPDX-License-Identifier: Apache-2.0
# Makes a process by the newer system call.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
place = (ctypes.c_uint64 * 11)()
place[4] = 17
if libc.syscall(435, place, 88) >= 0:
    print('ESCAPED', flush=True)
