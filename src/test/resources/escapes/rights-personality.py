# SPDX-License-Identifier: Apache-2.0
# Asks for fixed addresses.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
machine = os.uname().machine
number = {'x86_64': 135, 'aarch64': 92}[machine]
if libc.syscall(number, 0x0040000) >= 0:
    print('ESCAPED')
