# SPDX-License-Identifier: Apache-2.0
# Reads the users.
open('/etc/passwd').read()
print('ESCAPED')
