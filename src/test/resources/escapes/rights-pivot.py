# SPDX-License-Identifier: Apache-2.0
# Changes the root.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 155, 'aarch64': 41}[machine]
if libc.syscall(number, b'/tmp', b'/tmp') == 0:
    print('ESCAPED')
