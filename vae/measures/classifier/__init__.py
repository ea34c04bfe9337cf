"""A small classifier of images, trained here: it says as which class a decoded image is seen."""

from vae.measures.classifier.kept import classifier_of as classifier_of
from vae.measures.classifier.kept import is_kept as is_kept
from vae.measures.classifier.network import accuracy as accuracy
from vae.measures.classifier.network import build_classifier as build_classifier
from vae.measures.classifier.network import recognised as recognised
from vae.measures.classifier.network import train_classifier as train_classifier
from vae.measures.classifier.trained import Classifier as Classifier
from vae.measures.classifier.trained import Opinions as Opinions
