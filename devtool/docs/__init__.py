"""The documentation: what the code knows better is written into its pages, then the site is built.

``python3 -m devtool docs`` does both. A block in a page stands between
``<!-- begin NAME -->`` and ``<!-- end NAME -->``; :mod:`devtool.docs.blocks` gives its text.
"""
