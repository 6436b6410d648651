"""The domain: what is asked of a deployment, how the answers are judged. Knows no screen and prints nothing."""
