# SPDX-License-Identifier: Apache-2.0
# Goes on when it ends.
import atexit, time
atexit.register(time.sleep, 300)
raise SystemExit
