"""Reviews of qualifications (资格清理): certificates that should end, checked by their units and cancelled together."""
