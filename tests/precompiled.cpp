// Nothing: an object of the library that carries precompiled headers.
