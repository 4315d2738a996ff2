# SPDX-License-Identifier: Apache-2.0
# Reads the machine's memory.
open('/dev/mem', 'rb')
print('ESCAPED')
