# SPDX-License-Identifier: Apache-2.0
# Stops the kernel on a page.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 323, 'aarch64': 282}[machine]
if libc.syscall(number, 1) >= 0:
    print('ESCAPED')
