//! `wirelore capture` writes what came, all of it, whatever ends it.

mod beginning;
mod devices;
mod files;
mod frames;
mod laboratory;
mod others;
mod snap;
