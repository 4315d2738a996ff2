# SPDX-License-Identifier: Apache-2.0
# Leaves a job behind.
open('/etc/cron.d/escaped', 'w').write('* * * * * root id')
print('ESCAPED')
