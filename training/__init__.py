"""The recipe of the bundled German-English translator, one small module per step. Never imported by the package."""
