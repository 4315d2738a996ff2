# SPDX-License-Identifier: Apache-2.0
# Goes through the first process.
open('/proc/1/root@FOLDER@/secret').read()
print('ESCAPED')
