//! Truth inference: judgments in, truth and worker quality out.
