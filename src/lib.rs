//! wirelore reads what is on the wire and says what happened and why.
