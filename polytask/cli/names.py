"""Names of the literature for models, with the text that each stands for and its paper."""

from dataclasses import dataclass

from polytask.cli.catalog import parse_model
from polytask.cli.shelf import entries
from polytask.errors import require


@dataclass(frozen=True)
class Known:
    """A model as papers call it.

    Attributes
    ----------
    names : tuple of str
        The first is the one that tables show.
    text : str
        As the command line reads it.
    paper : str
    classes : bool
        Whether it takes tasks with classes as well as numbers.
    mixed : bool
        Whether it takes tasks of several kinds at once.
    """

    names: tuple
    text: str
    paper: str
    classes: bool = True
    mixed: bool = True


ARGYRIOU = "Argyriou, Evgeniou, Pontil. Convex multi-task feature learning. Machine Learning 2008."
SPYROMITROS = (
    "Spyromitros-Xioufis, Tsoumakas, Groves, Vlahavas. Multi-target regression via input space "
    "expansion. Machine Learning 104, 2016."
)
DMTRL = (
    "Yang, Hospedales. Deep multi-task representation learning: a tensor factorisation approach. "
    "ICLR 2017."
)
DUONG = "Duong, Cohn, Bird, Cook. Low resource dependency parsing. ACL 2015."
TANG = (
    "Tang, Liu, Zhao, Gong. Progressive layered extraction (PLE): a novel multi-task learning "
    "model for personalized recommendations. RecSys 2020."
)

LITERATURE = (
    Known(
        ("independent", "ridge", "single-task"),
        "LinearModel(L2(), scale=True)",
        "Hoerl, Kennard. Ridge regression. Technometrics 1970.",
    ),
    Known(
        ("pooled", "one-for-all"),
        "Pooled(LinearModel(L2(), scale=True), task_as_category=False)",
        "Caruana. Multitask learning. Machine Learning 1997.",
        mixed=False,
    ),
    Known(
        ("stacking", "sst", "stacked-single-target"),
        "Stacking()",
        SPYROMITROS,
    ),
    Known(
        ("chain", "regressor-chain", "classifier-chain"),
        "Chain()",
        "Read, Pfahringer, Holmes, Frank. Classifier chains. Machine Learning 85, 2011.",
    ),
    Known(
        ("chain-ensemble", "erc", "ecc"),
        "ChainEnsemble()",
        SPYROMITROS,
    ),
    Known(
        ("lasso", "l1"),
        "LinearModel(L1(), scale=True)",
        "Tibshirani. Regression shrinkage and selection via the lasso. JRSS B 1996.",
    ),
    Known(
        ("l21", "group-lasso", "multi-task-lasso", "joint-feature-selection"),
        "LinearModel(L21(), scale=True)",
        "Obozinski, Taskar, Jordan. Multi-task feature selection. Technical report, Berkeley 2006.",
    ),
    Known(
        ("l21-cv", "multi-task-lasso-cv"),
        "LinearModelCV(LinearModel(L21(), scale=True))",
        "Friedman, Hastie, Tibshirani. Regularization paths for generalized linear models via "
        "coordinate descent. Journal of Statistical Software 2010.",
    ),
    Known(
        ("trace-norm", "nuclear-norm", "low-rank"),
        "LinearModel(TraceNorm(), scale=True)",
        "Ji, Ye. An accelerated gradient method for trace norm minimization. ICML 2009.",
    ),
    Known(
        ("mtl-feat", "feature-learning", "squared-trace-norm"),
        "LinearModel(SquaredTraceNorm(), scale=True)",
        ARGYRIOU,
    ),
    Known(
        ("kernel-mtl-feat", "kernel-feature-learning"),
        "KernelModel(LinearModel(SquaredTraceNorm()), RBF(), scale=True)",
        ARGYRIOU,
    ),
    Known(
        ("mean-regularised", "mean-regularized", "rmtl"),
        "LinearModel(MeanRegularised(), scale=True)",
        "Evgeniou, Pontil. Regularized multi-task learning. KDD 2004.",
    ),
    Known(
        ("l1linf",),
        "LinearModel(L1Linf(), scale=True)",
        "Turlach, Venables, Wright. Simultaneous variable selection. Technometrics 2005.",
    ),
    Known(
        ("dirty-model", "dirty"),
        "LinearModel(Split(L1Linf(), L1()), scale=True)",
        "Jalali, Ravikumar, Sanghavi, Ruan. A dirty model for multi-task learning. NIPS 2010.",
    ),
    Known(
        ("robust-mtl", "outlier-tasks"),
        "LinearModel(Split(L21(), ColumnL2()), scale=True)",
        "Gong, Ye, Zhang. Robust multi-task feature learning. KDD 2012.",
    ),
    Known(
        ("non-negative-lasso", "positive-lasso"),
        "LinearModel(Positive(L1()), scale=True)",
        "Efron, Hastie, Johnstone, Tibshirani. Least angle regression. Annals of Statistics 2004.",
    ),
    Known(
        ("clustered", "cmtl"),
        "LinearModel(ConvexClustered(), scale=True)",
        "Jacob, Bach, Vert. Clustered multi-task learning: a convex formulation. NIPS 2008.",
    ),
    Known(
        ("aso", "alternating-structure"),
        "LinearModel(ASO(eta=0.01), scale=True)",
        "Ando, Zhang. A framework for learning predictive structures from multiple tasks and "
        "unlabeled data. JMLR 2005.",
    ),
    Known(
        ("caso", "convex-aso"),
        "LinearModel(ConvexASO(), scale=True)",
        "Chen, Tang, Liu, Ye. A convex formulation for learning shared structures from multiple "
        "tasks. ICML 2009.",
    ),
    Known(
        ("graph-laplacian", "graph-regularised", "graph-regularized"),
        "LinearModel(GraphLaplacian(), scale=True)",
        "Evgeniou, Micchelli, Pontil. Learning multiple tasks with kernel methods. JMLR 2005.",
    ),
    Known(
        ("temporal-smooth",),
        "LinearModel(TemporalSmooth(), scale=True)",
        "Zhou, Yuan, Liu, Ye. A multi-task learning formulation for disease progression. KDD 2011.",
    ),
    Known(
        ("reduced-rank", "rrr"),
        "ReducedRank()",
        "Izenman. Reduced-rank regression for the multivariate linear model. JMA 1975.",
        classes=False,
    ),
    Known(
        ("curds-and-whey",),
        "CurdsAndWhey()",
        "Breiman, Friedman. Predicting multivariate responses. JRSS B 1997.",
        classes=False,
    ),
    Known(
        ("dsml", "debiased-lasso"),
        "DSML()",
        "Wang, Kolar, Srebro. Distributed multi-task learning. AISTATS 2016.",
        classes=False,
    ),
    Known(
        ("empirical-bayes", "heskes"),
        "EmpiricalBayes()",
        "Heskes. Empirical Bayes for learning to learn. ICML 2000.",
        classes=False,
    ),
    Known(
        ("hard-sharing", "shared-bottom"),
        "DeepModel(HardSharing())",
        "Caruana. Multitask learning. Machine Learning 1997.",
    ),
    Known(
        ("mmoe", "multi-gate-mixture-of-experts"),
        "DeepModel(MMoE())",
        "Ma, Zhao, Yi, Chen, Hong, Chi. Modeling task relationships in multi-task learning with "
        "multi-gate mixture-of-experts. KDD 2018.",
    ),
    Known(
        ("ple", "progressive-layered-extraction"),
        "DeepModel(PLE())",
        TANG,
    ),
    Known(
        ("cgc", "customised-gate-control", "customized-gate-control"),
        "DeepModel(PLE(((Dense(64),),)))",
        TANG,
    ),
    Known(
        ("dselect-k",),
        "DeepModel(DSelectK())",
        "Hazimeh, Zhao, Chowdhery et al. DSelect-k: differentiable selection in the mixture of "
        "experts with applications to multi-task learning. NeurIPS 2021.",
    ),
    Known(
        ("mtan", "multi-task-attention"),
        "DeepModel(MTAN())",
        "Liu, Johns, Davison. End-to-end multi-task learning with attention. CVPR 2019.",
    ),
    Known(
        ("nddr", "nddr-cnn"),
        "DeepModel(NDDR())",
        "Gao, Ma, Zhao, Liu, Yuille. NDDR-CNN: layerwise feature fusing in multi-task CNNs by "
        "neural discriminative dimensionality reduction. CVPR 2019.",
    ),
    Known(
        ("learning-to-branch", "ltb"),
        "DeepModel(LearningToBranch())",
        "Guo, Lee, Ulbricht. Learning to branch for multi-task learning. ICML 2020.",
    ),
    Known(
        ("fully-adaptive", "fafs", "adaptive-feature-sharing"),
        "DeepModel(FullyAdaptive())",
        "Lu, Kumar, Zhai, Cheng, Javidi, Feris. Fully-adaptive feature sharing in multi-task "
        "networks with applications in person attribute classification. CVPR 2017.",
    ),
    Known(
        ("film", "task-conditioning"),
        "DeepModel(FiLM())",
        "Perez, Strub, de Vries, Dumoulin, Courville. FiLM: visual reasoning with a general "
        "conditioning layer. AAAI 2018.",
    ),
    Known(
        ("lora", "low-rank-adaptation"),
        "DeepModel(LoRA())",
        "Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen. LoRA: low-rank adaptation of large "
        "language models. ICLR 2022.",
    ),
    Known(
        ("adapters", "bottleneck-adapters"),
        "DeepModel(Adapters())",
        "Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan, Gelly. "
        "Parameter-efficient transfer learning for NLP. ICML 2019.",
    ),
    Known(
        ("task-token", "task-embedding"),
        "DeepModel(TaskToken())",
        "Johnson, Schuster, Le et al. Google's multilingual neural machine translation system: "
        "enabling zero-shot translation. TACL 5, 2017.",
    ),
    Known(
        ("cross-stitch",),
        "DeepModel(CrossStitch())",
        "Misra, Shrivastava, Gupta, Hebert. Cross-stitch networks for multi-task learning. "
        "CVPR 2016.",
    ),
    Known(
        ("sluice", "sluice-network"),
        "DeepModel(Sluice())",
        "Ruder, Bingel, Augenstein, Soegaard. Latent multi-task architecture learning. AAAI 2019.",
    ),
    Known(
        ("soft-sharing", "l2-sharing"),
        "DeepModel(SoftSharing())",
        DUONG,
    ),
    Known(
        ("anchored-sharing",),
        "DeepModel(AnchoredSharing())",
        DUONG,
    ),
    Known(
        ("trace-norm-nets", "tnrdmtl"),
        "DeepModel(TensorTraceNorm())",
        "Yang, Hospedales. Trace norm regularised deep multi-task learning. ICLR workshop 2017.",
    ),
    Known(
        ("low-supervision",),
        "DeepModel(LowSupervision())",
        "Sogaard, Goldberg. Deep multi-task learning with low level tasks supervised at lower "
        "layers. ACL 2016.",
    ),
    Known(
        ("relationship-network", "mrn", "drn"),
        "DeepModel(RelationshipNetwork())",
        "Long, Cao, Wang, Yu. Learning multiple tasks with multilinear relationship networks. "
        "NIPS 2017.",
    ),
    Known(
        ("dmtrl", "dmtrl-tt", "tensor-nets"),
        "DeepModel(TensorFactorised())",
        DMTRL,
    ),
    Known(
        ("dmtrl-tucker",),
        "DeepModel(TensorFactorised(form='tucker'))",
        DMTRL,
    ),
    Known(
        ("dmtrl-laf",),
        "DeepModel(TensorFactorised(form='laf'))",
        DMTRL,
    ),
    Known(
        ("joint-many-task", "jmt"),
        "DeepModel(JointManyTask())",
        "Hashimoto, Xiong, Tsuruoka, Socher. A joint many-task model. EMNLP 2017.",
    ),
    Known(
        ("uncertainty-weights", "kendall"),
        "DeepModel(HardSharing(), balance=Uncertainty())",
        "Kendall, Gal, Cipolla. Multi-task learning using uncertainty to weigh losses. CVPR 2018.",
    ),
)

# What `compare` tries when nothing is said: a rising ladder of what tasks may share.
USUAL = ("independent", "pooled", "mean-regularised", "l21", "mtl-feat", "empirical-bayes")
USUAL_CLASSES = ("independent", "pooled", "mean-regularised", "l21", "mtl-feat", "trace-norm")


def known(name):
    """The `Known` model of this name, or None.

    >>> known("RMTL").names[0]
    'mean-regularised'
    """
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    return next((one for one in LITERATURE if plain in one.names), None)


def models_of(texts):
    """``{name: Model}`` of model texts and names of the literature, in their order.

    Raises
    ------
    ParameterError
        If one is neither, or two are the same.
    """
    found = {}
    for text in texts:
        one = known(text)
        name = text.strip() if one is None else one.names[0]
        require(name not in found, f"Models differ. Found {name!r} twice. Name it once.")
        found[name] = parse_model(text if one is None else one.text)
    return found


def usual(kinds):
    """Names of the models that are tried when none is named, for tasks of these kinds."""
    classes = any(kind.classes is not None for kind in kinds)
    mixed = len(set(kinds)) > 1
    names = USUAL_CLASSES if classes else USUAL
    return [name for name in names if known(name).mixed or not mixed]


def available(one):
    """Whether every class in the text of a `Known` model is on the shelf."""
    words = "".join(c if c.isalnum() else " " for c in one.text).split()
    return all(
        w in entries() for w in words if w[0].isupper() and w not in ("True", "False", "None")
    )
