# SPDX-License-Identifier: Apache-2.0
# Matches for ever.
import re
re.match('(a+)+$', 'a' * 60 + 'b')
print('ESCAPED')
