# SPDX-License-Identifier: Apache-2.0
# Reads the passwords.
open('/etc/shadow').read()
print('ESCAPED')
