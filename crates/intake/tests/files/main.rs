//! How files are read and taken in: one binary, since each test binary links everything below it.

mod common;

mod brought;
mod claims;
mod corrections;
mod fixtures;
mod fuzz;
mod hostile;
mod incomplete;
mod kinds;
mod leases;
mod mutations;
mod pages;
mod parcels;
mod previewed;
mod same_rows;
mod settlement;
mod sheets;
mod spoilt;
mod tags;
mod unseen;
mod weather;
