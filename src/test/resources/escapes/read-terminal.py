# SPDX-License-Identifier: Apache-2.0
# Writes to the terminal.
open('/dev/tty', 'w')
print('ESCAPED')
