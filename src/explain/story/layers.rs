//! One exchange as the stack that it is.
