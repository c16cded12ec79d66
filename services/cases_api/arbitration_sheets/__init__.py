"""The sheet of an arbitration (复核表): opened, saved and handed in by the third person, or handed on."""
