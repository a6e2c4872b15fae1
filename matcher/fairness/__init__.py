"""Whether ranking treats people alike: counterfactual resumes, twins, exposure, and the gate of models."""
