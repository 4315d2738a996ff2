# SPDX-License-Identifier: Apache-2.0
# Reads the kernel's log.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
place = ctypes.create_string_buffer(4096)
if libc.klogctl(3, place, 4096) >= 0 or os.path.exists('/dev/kmsg'):
    print('ESCAPED')
