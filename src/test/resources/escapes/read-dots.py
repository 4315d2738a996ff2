# SPDX-License-Identifier: Apache-2.0
# Climbs up.
open('../' * 40 + '@FOLDER@/secret'.lstrip('/')).read()
print('ESCAPED')
