"""Train pythae's VAE as it comes: run by the Python of an environment that has pythae.

It imports nothing of this project. The input is an archive of ``images``, uint8 (N, 1, 28, 28);
the output one of the trained weights, of what it decodes some images to, and of the seconds.
"""

import argparse
import tempfile
import time

import numpy as np
import torch
from pythae.data.datasets import BaseDataset, DatasetOutput
from pythae.models import VAE, VAEConfig
from pythae.trainers import BaseTrainer, BaseTrainerConfig

SHOWN = 8
"""Images that are decoded, to see that the weights were carried over as they are."""


class Drawn(BaseDataset):
    """Grey images of which each pixel is drawn black or white anew whenever it is asked for."""

    def __getitem__(self, index: int) -> DatasetOutput:
        x = torch.bernoulli(self.data[index])
        return DatasetOutput(data=x, labels=self.labels[index])


def main() -> None:
    """Train and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images")
    parser.add_argument("out")
    parser.add_argument("--z-dim", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    images = torch.from_numpy(np.load(asked.images)["images"]).float() / 255
    torch.manual_seed(asked.seed)
    shape = tuple(images.shape[1:])
    model = VAE(VAEConfig(input_dim=shape, latent_dim=asked.z_dim, reconstruction_loss="bce"))
    with tempfile.TemporaryDirectory() as folder:
        config = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=asked.epochs,
            per_device_train_batch_size=asked.batch_size,
            learning_rate=asked.learning_rate,
            seed=asked.seed,
            no_cuda=True,
        )
        data = Drawn(images, torch.zeros(len(images)))
        trainer = BaseTrainer(model, train_dataset=data, training_config=config)
        wall, processor = time.perf_counter(), time.process_time()
        trainer.train()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    # the one that it saves: the best on the training images
    best = trainer._best_model.eval()
    x = torch.round(images[:SHOWN])
    with torch.inference_mode():
        shown = best.decoder(best.encoder(x).embedding).reconstruction
    weights = {name: tensor.numpy() for name, tensor in best.state_dict().items()}
    np.savez(asked.out, seconds=[wall, processor], shown=shown.numpy(), **weights)


if __name__ == "__main__":
    main()
