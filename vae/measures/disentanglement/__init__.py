"""How well single dimensions of a code tell the factors that images were drawn from.

All scores take images with their factors as they come: any sample of the factors' combinations
will do, no grid of them is needed.
"""

from vae.measures.disentanglement.beta_vae_score import beta_vae_halves as beta_vae_halves
from vae.measures.disentanglement.beta_vae_score import beta_vae_score as beta_vae_score
from vae.measures.disentanglement.dci import Dci as Dci
from vae.measures.disentanglement.dci import dci as dci
from vae.measures.disentanglement.dci import judged_by_trees as judged_by_trees
from vae.measures.disentanglement.factor_vae_score import factor_vae_halves as factor_vae_halves
from vae.measures.disentanglement.factor_vae_score import factor_vae_score as factor_vae_score
from vae.measures.disentanglement.gap import Gap as Gap
from vae.measures.disentanglement.gap import entropies_left_out as entropies_left_out
from vae.measures.disentanglement.gap import entropy as entropy
from vae.measures.disentanglement.gap import information as information
from vae.measures.disentanglement.gap import informations as informations
from vae.measures.disentanglement.gap import informations_left_out as informations_left_out
from vae.measures.disentanglement.gap import mutual_information_gap as mutual_information_gap
from vae.measures.disentanglement.levels import Codes as Codes
from vae.measures.disentanglement.levels import halves as halves
from vae.measures.disentanglement.sap import sap as sap
