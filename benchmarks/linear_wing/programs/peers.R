# A peer in R on a scenario of files: Rscript peers.R NAME FOLDER TOL WORDS..., or NAME check.
# The seconds are those of this process, user and system, inside the solver.
words <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace(words[1], quietly = TRUE)) {
  cat("its package is not installed\n")
  quit()
}
if (words[2] == "check") {
  cat("here\n")
  quit()
}
folder <- words[2]
tol <- as.numeric(words[3])
sizes <- scan(file.path(folder, "sizes.txt"), quiet = TRUE)
T <- sizes[1]; d <- sizes[2]; n <- sizes[-(1:2)]
xs <- file(file.path(folder, "X.bin"), "rb")
ys <- file(file.path(folder, "Y.bin"), "rb")
matrices <- lapply(n, function(m) matrix(readBin(xs, "double", m * d), m, d))
if (words[1] == "glmnet") {
  Y <- matrix(readBin(ys, "double", n * T), n, T)
  glmnet::glmnet.control(fdev = 0, devmax = 1)
  solve <- function(tol) glmnet::glmnet(
    matrices[[1]], Y, family = "mgaussian", lambda = as.numeric(words[-(1:3)]),
    standardize = FALSE, intercept = FALSE, thresh = tol, maxit = 1e7)
  read <- function(fit) {
    each <- sapply(fit$beta, as.matrix, simplify = "array") # (d, strengths, T)
    aperm(each, c(1, 3, 2))
  }
} else {
  labels <- lapply(n, function(m) matrix(readBin(ys, "double", m), m, 1))
  lam <- as.numeric(words[-(1:4)])
  solve <- function(tol) RMTL::MTL(
    matrices, labels, type = "Regression", Regularization = words[4], Lam1 = lam[1],
    Lam2 = if (length(lam) > 1) lam[2] else 0, k = if (length(lam) > 2) lam[3] else 2,
    opts = list(init = 0, tol = tol, maxIter = 20000))
  read <- function(fit) fit$W
}
start <- proc.time()
fit <- solve(tol)
took <- proc.time() - start
writeBin(as.double(read(fit)), file.path(folder, "W.bin"))
cat(sprintf("%.6f\n", took[["user.self"]] + took[["sys.self"]]),
    file = file.path(folder, "seconds.txt"))
