"""Forms of steps (案件步骤): the kinds of dated events of a case, and the facts each of them may carry."""
