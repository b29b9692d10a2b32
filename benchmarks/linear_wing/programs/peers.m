% MALSAR on a scenario of files: octave peers.m MALSAR FOLDER TOL METHOD WORDS..., or MALSAR check.
% $MALSAR_HOME is the folder of a copy of MALSAR, its C files compiled; it is run, never shipped.
% The seconds are CPU seconds inside the solver.
words = argv ();
home = getenv ("MALSAR_HOME");
if (isempty (home) || ! exist (fullfile (home, "MALSAR", "functions"), "dir"))
  printf ("$MALSAR_HOME is not the folder of MALSAR\n");
  exit (0);
end
warning ("off", "all");
addpath (genpath (fullfile (home, "MALSAR", "utils")));
addpath (genpath (fullfile (home, "MALSAR", "c_files")));
if (strcmp (words{2}, "check"))
  printf ("here\n");
  exit (0);
end
folder = words{2};
% one folder only: several have files of the same name
folders = struct ("L21", "joint_feature_learning", "Trace", "low_rank", "Dirty", "dirty", "CMTL", "CMTL");
addpath (fullfile (home, "MALSAR", "functions", folders.(words{4})));
rho = cellfun (@str2double, words(5:end));
sizes = dlmread (fullfile (folder, "sizes.txt"));
d = sizes(2); n = sizes(3:end);
xs = fopen (fullfile (folder, "X.bin")); ys = fopen (fullfile (folder, "Y.bin"));
for t = 1:numel (n)
  X{t, 1} = fread (xs, [n(t), d], "double");
  Y{t, 1} = fread (ys, [n(t), 1], "double");
end
opts.init = 2;        % zero
opts.tFlag = 1;       % relative change of the objective
opts.tol = str2double (words{3});
opts.maxIter = 20000;
opts.max_iter = opts.maxIter;
start = cputime ();
switch (words{4})
  case "L21"
    W = Least_L21 (X, Y, rho(1), opts);
  case "Trace"
    W = Least_Trace (X, Y, rho(1), opts);
  case "Dirty"
    [sum_, values, shared, own] = Least_Dirty (X, Y, rho(1), rho(2), opts);
    W = [shared, own];
  case "CMTL"
    W = Least_CMTL (X, Y, rho(1), rho(2), rho(3), opts);
end
took = cputime () - start;
out = fopen (fullfile (folder, "W.bin"), "w");
fwrite (out, W, "double");
fclose (out);
dlmwrite (fullfile (folder, "seconds.txt"), took, "precision", "%.6f");
