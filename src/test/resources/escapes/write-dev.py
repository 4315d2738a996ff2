# SPDX-License-Identifier: Apache-2.0
# Hides a file among the devices.
open('/dev/escaped', 'w').write('x')
print('ESCAPED')
