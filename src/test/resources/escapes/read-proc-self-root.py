# SPDX-License-Identifier: Apache-2.0
# Goes through itself.
open('/proc/self/root/../@FOLDER@/secret').read()
print('ESCAPED')
