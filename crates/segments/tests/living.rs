//! Living segments on both engines: whoever events and time bring in and take out is whom the expression
//! is true of, and each coming and going is told once.

#[path = "living/beside.rs"]
mod beside;
#[path = "living/definitions.rs"]
mod definitions;
#[path = "living/hostile.rs"]
mod hostile;
#[path = "living/random.rs"]
mod random;
#[path = "living/targets.rs"]
mod targets;
#[path = "living/world.rs"]
mod world;
