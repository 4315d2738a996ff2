# SPDX-License-Identifier: Apache-2.0
# Holds memory in place.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
place = ctypes.create_string_buffer(1 << 22)
if libc.mlock(place, 1 << 22) == 0:
    print('ESCAPED')
