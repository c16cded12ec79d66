"""The pool of legal reviewers (法制审核人才库): proposed by units, admitted by the bureau, asked by the cases service."""
