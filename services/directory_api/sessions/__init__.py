"""Sessions (登录会话): sign-in, refresh with reuse detection, sign-out, lockout."""
