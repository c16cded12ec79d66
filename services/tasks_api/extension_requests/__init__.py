"""Extension requests (延期申请): a unit asks for a later date, with its reason; the bureau decides once. The old date stays."""
