# SPDX-License-Identifier: Apache-2.0
# Changes itself through a file.
open('/proc/self/mem', 'r+b')
print('ESCAPED')
