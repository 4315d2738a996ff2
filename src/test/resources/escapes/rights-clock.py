# SPDX-License-Identifier: Apache-2.0
# Sets the clock.
import time
time.clock_settime(time.CLOCK_REALTIME, 0)
print('ESCAPED')
