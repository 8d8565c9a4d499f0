"""What every head's training shares: data, network, augmentation, losses, loop, export."""
