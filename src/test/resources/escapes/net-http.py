# SPDX-License-Identifier: Apache-2.0
# Fetches a page of the host.
import urllib.request
urllib.request.urlopen('http://127.0.0.1:@PORT@/', timeout=2)
print('ESCAPED')
