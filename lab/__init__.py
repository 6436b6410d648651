"""The embedded practice deployment: real DNS, HTTPS, PowerShell and XMPP servers on loopback.

One child process serves it and dies with its parent. It knows nothing of the checks, or the tests would only
prove that it agrees with itself. `lab.client.start` opens one; `lab.scenarios` lists what it can be.
"""
