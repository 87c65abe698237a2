"""How a certificate is worded, set and drawn. Pure: no database, no web; words go in, a PDF comes out."""
